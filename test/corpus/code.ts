import type { CorpusText } from './corpusText';

/** Small programs in more than ten languages. */
export const code: CorpusText[] = [
  {
    name: 'code: TypeScript class',
    text: `export class RingBuffer<T> {\n  private readonly items: (T | undefined)[];\n  private head = 0;\n\n  constructor(capacity: number) {\n    if (!Number.isInteger(capacity) || capacity <= 0) throw new RangeError(\`bad capacity: \${capacity}\`);\n    this.items = new Array<T | undefined>(capacity);\n  }\n\n  push(item: T): void {\n    this.items[this.head++ % this.items.length] = item; // wraps around\n  }\n}\n`,
  },
  {
    name: 'code: TypeScript types',
    text: `type DeepPartial<T> = { [K in keyof T]?: T[K] extends object ? DeepPartial<T[K]> : T[K] };\nconst π = Math.PI, größe = 3;\nlet x = a?.b ?? c!.d satisfies unknown;\n`,
  },
  {
    name: 'code: JavaScript regex and escapes',
    text: `const words = text.match(/[\\p{L}\\p{M}]+(?:['’][\\p{L}]+)*/gu) || [];\nconsole.log("tab:\\t quote:\\" unicode:\\u{1F600}", \`${'$'}{words.length}\`);\nif (a !== b && !(c >>> 2 === 0x1F)) { for (;;) break; }\n`,
  },
  {
    name: 'code: JSX',
    text: `return (\n  <ul className="list" onClick={() => setOpen(!open)}>\n    {items.map(({ id, label }) => <li key={id}>&nbsp;{label} – {id}</li>)}\n  </ul>\n);`,
  },
  {
    name: 'code: Python function',
    text: `def softmax(scores, axis=-1):\n    """Subtract the greatest score first, so that nothing overflows."""\n    shifted = scores - scores.max(axis=axis, keepdims=True)\n    exp = np.exp(shifted)\n    return exp / exp.sum(axis=axis, keepdims=True)\n\n\nassert abs(softmax(np.array([1.0, 2.0, 3.0])).sum() - 1) < 1e-6\n`,
  },
  {
    name: 'code: Python dataclass with tabs',
    text: `@dataclass(frozen=True)\nclass Head:\n\tlayer: int = 0\n\thead: int = 0\n\n\tdef __repr__(self) -> str:\n\t\treturn f"L{self.layer}H{self.head:>2d}"\n\nheads = {Head(l, h): None for l in range(6) for h in range(12) if (l + h) % 2}\n`,
  },
  {
    name: 'code: Python with other scripts',
    text: `变量 = 3\nλ = lambda x: x ** 2  # квадрат\nprint('中文字符串', λ(变量), "naïve café", b'\\x00\\xff')\n`,
  },
  {
    name: 'code: Python traceback',
    text: `Traceback (most recent call last):\n  File "<stdin>", line 1, in <module>\nZeroDivisionError: division by zero\n>>> 0xDEAD_BEEF, 0b1010, 1_000_000, 3.14e-10, 2j\n`,
  },
  {
    name: 'code: Rust',
    text: `impl<'a, T: Ord + 'a> Iterator for Merge<'a, T> {\n    type Item = &'a T;\n    fn next(&mut self) -> Option<Self::Item> {\n        match (self.left.peek(), self.right.peek()) {\n            (Some(l), Some(r)) if l <= r => self.left.next(),\n            (None, _) => self.right.next(),\n            _ => self.left.next(),\n        }\n    }\n}\n#[test] fn it_works() { assert_eq!(2 + 2, 4); }\n`,
  },
  {
    name: 'code: Go',
    text: `package main\n\nimport "fmt"\n\nfunc main() {\n\tch := make(chan int, 8)\n\tgo func() { defer close(ch); for i := 0; i < 8; i++ { ch <- i * i } }()\n\tfor v := range ch {\n\t\tfmt.Printf("%3d|%v\\n", v, '世')\n\t}\n}\n`,
  },
  {
    name: 'code: C',
    text: `#include <stdint.h>\n#define MIN(a, b) ((a) < (b) ? (a) : (b))\n\nstatic uint32_t hash(const char *s, size_t n) {\n    uint32_t h = 2166136261u;\n    while (n--) h = (h ^ (uint8_t)*s++) * 16777619u; /* FNV-1a */\n    return h;\n}\n`,
  },
  {
    name: 'code: C++',
    text: `template <typename... Ts>\nauto sum(Ts&&... xs) -> std::common_type_t<Ts...> { return (... + std::forward<Ts>(xs)); }\n\nstd::unordered_map<std::string, std::vector<int>> index{{"a", {1, 2}}, {"b", {}}};\nauto it = index.find("a"); if (it != index.end() && !it->second.empty()) std::cout << it->second[0] << '\\n';\n`,
  },
  {
    name: 'code: Java',
    text: `public final class Pair<A, B> {\n    private final A first; private final B second;\n    public Pair(A first, B second) { this.first = first; this.second = second; }\n    @Override public int hashCode() { return 31 * Objects.hashCode(first) + Objects.hashCode(second); }\n}\n// Größenänderung überprüfen: übermäßig lange Bezeichner wie getSimpleBeanFactoryAwareAspectInstanceFactoryOrNull()\n`,
  },
  {
    name: 'code: Kotlin',
    text: `sealed interface Shape\ndata class Circle(val r: Double) : Shape\nfun area(s: Shape) = when (s) { is Circle -> Math.PI * s.r * s.r }\nval names = listOf("Zoë", "Łukasz", "Þór").map { it.lowercase() }\n`,
  },
  {
    name: 'code: C#',
    text: `var query = from p in people where p.Age is >= 18 and < 65 orderby p.Name select new { p.Name, Initial = p.Name[..1] };\nawait foreach (var x in Stream(ct)) Console.WriteLine($"{x,8:F2} €");\n`,
  },
  {
    name: 'code: Ruby',
    text: `class String\n  def shout! = replace("#{upcase}!")\nend\nputs %w[one two three].each_with_index.map { |w, i| "#{i}: #{w}" }.join(', ') unless ARGV.empty?\n:symbol => @ivar, $global, @@klass\n`,
  },
  {
    name: 'code: PHP',
    text: `<?php\nfunction slug(string $s): string { return trim(preg_replace('/[^a-z0-9]+/i', '-', strtolower($s)), '-'); }\necho slug("Ça va, l'été ?"); // ca-va...\n$a = ['k' => [1, 2], "x\\n" => null]; ?>\n<p><?= htmlspecialchars($a['k'][0]) ?></p>\n`,
  },
  {
    name: 'code: Swift',
    text: `extension Collection where Element: Numeric {\n    var total: Element { reduce(.zero, +) }\n}\nlet café = "☕️"; print(café.unicodeScalars.map { String($0.value, radix: 16) })\nguard let url = URL(string: "https://example.org/a?b=c&d=%20#frag") else { fatalError() }\n`,
  },
  {
    name: 'code: Haskell',
    text: `primes :: [Integer]\nprimes = sieve [2 ..] where sieve (p : xs) = p : sieve [x | x <- xs, x \`mod\` p /= 0]\n\ninstance Monoid b => Monoid (a -> b) where { mempty _ = mempty }\n(<$$>) = fmap . fmap -- ∀ α. α → α\n`,
  },
  {
    name: 'code: shell',
    text: `#!/usr/bin/env bash\nset -euo pipefail\nfor f in "$@"; do [[ -f $f ]] || { echo "no such file: $f" >&2; exit 1; }; done\nfind . -name '*.ts' -print0 | xargs -0 -n1 wc -l | sort -rn | head -n 5 2>/dev/null\nexport PATH="$HOME/bin:\${PATH:-/usr/bin}"\n`,
  },
  {
    name: 'code: SQL',
    text: `SELECT u.id, COUNT(*) AS n, COALESCE(MAX(o.total), 0.00)\nFROM users AS u LEFT JOIN orders o ON o.user_id = u.id AND o.state <> 'void'\nWHERE u.email LIKE '%@example.org' GROUP BY 1 HAVING COUNT(*) >= 2 ORDER BY n DESC; -- naïve\n`,
  },
  {
    name: 'code: HTML',
    text: `<!DOCTYPE html>\n<html lang="zh-Hans"><head><meta charset="utf-8"><title>你好 &amp; hello</title></head>\n<body data-x='{"a":1}'><!-- comment --><br/><a href="/?q=1&amp;r=2">link</a></body></html>\n`,
  },
  {
    name: 'code: CSS',
    text: `:root { --gap: clamp(.5rem, 2vw, 1.25rem); }\n.card:not(.is-open) > .title::after { content: "\\2192 →"; color: #0af8; margin: 0 -2px !important; }\n@media (prefers-reduced-motion: reduce) { * { animation: none } }\n`,
  },
  {
    name: 'code: JSON',
    text: `{"name":"attention","layers":6,"heads":[0,1,2],"scale":1.7677669529663688e-1,"nested":{"null":null,"t":true},"esc":"a\\u00e9\\n\\\\"}`,
  },
  {
    name: 'code: YAML',
    text: `on:\n  push: { branches: [main] }\njobs:\n  test:\n    strategy: &s\n      matrix: { os: [ubuntu-latest, windows-latest], node: ['20', "22"] }\n    steps:\n      - run: |\n          npm ci\n          npm test -- --grep "@slow"\n      - *s # alias\n`,
  },
  {
    name: 'code: TOML',
    text: `[package]\nname = "lens"\nversion = "0.1.0-β.2"\n[dependencies."serde"]\nfeatures = ["derive"]\nwhen = 1979-05-27T07:32:00.5-08:00\n`,
  },
  {
    name: 'code: LaTeX',
    text: `\\begin{equation}\\label{eq:attn}\n  \\operatorname{Attention}(Q,K,V)=\\operatorname{softmax}\\!\\left(\\frac{QK^{\\top}}{\\sqrt{d_k}}\\right)V\n\\end{equation}\nSee~\\eqref{eq:attn} and \\cite{knuth84}, \\S 2--3, \\'etude, \\"uber. % comment\n`,
  },
  {
    name: 'code: assembly',
    text: `section .text\nglobal _start\n_start: mov rax, 0x3c ; exit\n\txor edi, edi\n\tsyscall\n.loop: cmpxchg [rsi+8*rcx-16], r8d\n\tjne .loop\n`,
  },
  { name: 'code: diff', text: `--- a/x.ts\n+++ b/x.ts\n@@ -1,3 +1,4 @@\n-const a = 1;\n+const a = 2; // größer\n+const b = '→';\n export { a };\n\\ No newline at end of file` },
  { name: 'code: minified', text: `!function(e,t){"object"==typeof exports?module.exports=t():e.x=t()}(this,(()=>{var e={},t=[].slice;return e.a=n=>t.call(n,1).map((e=>e<<1|1)),e}));` },
  { name: 'code: APL and mathematics', text: `life ← {⊃1 ⍵ ∨.∧ 3 4 = +/ +⌿ ¯1 0 1 ∘.⊖ ¯1 0 1 ⌽¨ ⊂⍵}\n∀ε>0 ∃δ>0: |x−a|<δ ⇒ |f(x)−f(a)|<ε, ∑ᵢ₌₁ⁿ i² = n(n+1)(2n+1)⁄6, ℝ ⊂ ℂ, 𝔼[𝑋] ≈ ½\n` },
  { name: 'code: identifiers', text: `snake_case_name camelCaseName PascalCaseName SCREAMING_SNAKE kebab-case-name dotted.path.name $dollar @at #hash __dunder__ x1y2z3 HTTPServer2XMLParser ñandú_größe` },
  { name: 'code: long identifier', text: `const ${'veryLongIdentifierPart'.repeat(4)} = ${'a'.repeat(99)}; ${'b'.repeat(100)} ${'c'.repeat(101)} ${'é'.repeat(100)} ${'e\u0301'.repeat(100)} ${'𝒳'.repeat(100)} ${'𝒳'.repeat(101)}` },
  { name: 'code: hex dump', text: `00000000  7f 45 4c 46 02 01 01 00  |.ELF....|\n00000010  03 00 3e 00 01 00 00 00  |..>.....|\n` },
  { name: 'code: log', text: `2031-02-29T12:34:56.789Z [WARN] (worker-3) retry 2/5 in 400ms: ECONNRESET 10.0.0.7:443 → fe80::1%eth0 {"id":"3f2b9c1e-…"}\n` },
  { name: 'code: paths and addresses', text: `C:\\Users\\Zoë\\src\\main.rs  /usr/lib/x86_64-linux-gnu/libc.so.6  ../../a//b/./c  file:///c%3A/x%20y.md  mailto:a.b+c@example.org  git@example.org:o/r.git` },
  { name: 'code: R', text: `df %>% filter(!is.na(x), x > 0) %>% mutate(z = (x - mean(x)) / sd(x)) -> scaled\nplot(y ~ x | g, data = scaled, main = "µ ± σ")\n` },
  { name: 'code: Julia', text: `f(x::T) where {T<:Real} = x^2 + √x; A = rand(3,3) .* I' ; @assert A ≈ A ∘ identity ; α̂ = ∇f(1.0); x̄ = mean(v)\n` },
  { name: 'code: Lua', text: `local t = setmetatable({}, { __index = function(_, k) return k .. "!" end })\nfor i = #t, 1, -1 do t[i] = nil end --[[ block\ncomment ]] print(t.foo ~= nil)\n` },
  { name: 'code: Lisp', text: `(defun fact (n) (if (<= n 1) 1 (* n (fact (1- n))))) ; n!\n'(a . b) \`(,x ,@ys) #\\Space #'car "λ"\n` },
];
