import assert from 'node:assert/strict';
import fc from 'fast-check';
import {
  addend,
  addingUp,
  bySize,
  decimals,
  rootDivisor,
  strongestHeads,
} from '../../../webview/explain/arithmetic';

const numbers = fc.array(fc.double({ min: -1e4, max: 1e4, noNaN: true }), { maxLength: 80 });

describe('the arithmetic of a weight', () => {
  it('prints terms that add up to the printed sums, each within one last digit', () => {
    fc.assert(
      fc.property(numbers, fc.integer({ min: 0, max: 6 }), (terms, digits) => {
        const unit = 10 ** digits;
        let sum = 0;
        let exact = 0;
        addingUp(terms, digits).forEach((printed, at) => {
          sum += Math.round(printed.term * unit);
          exact += terms[at]!;
          assert.equal(sum, Math.round(printed.sum * unit));
          assert.ok(Math.abs(printed.sum - exact) <= 0.5001 / unit);
          assert.ok(Math.abs(printed.term - terms[at]!) <= 1.0001 / unit);
        });
      }),
    );
  });

  it('orders dimensions by size and loses none', () => {
    fc.assert(
      fc.property(numbers, (products) => {
        const terms = bySize(products);
        terms.forEach(({ dimension, product }, at) => {
          assert.equal(product, products[dimension]);
          assert.ok(at === 0 || Math.abs(product) <= Math.abs(terms[at - 1]!.product));
        });
        assert.equal(new Set(terms.map(({ dimension }) => dimension)).size, products.length);
      }),
    );
  });

  it('knows a scale that is one over a root', () => {
    for (const d of [2, 32, 64, 128]) assert.equal(rootDivisor(1 / Math.sqrt(d)), d);
    for (const scale of [1, 0.3, 2]) assert.equal(rootDivisor(scale), null);
  });

  it('writes signs as signs', () => {
    assert.equal(decimals(-1.25, 1), '−1.3');
    assert.equal(decimals(-0.001, 2), '0.00');
    assert.equal(addend(-0.25, 2), '− 0.25');
    assert.equal(addend(0.25, 2), '+ 0.25');
  });

  it('finds the heads that read a pair most', () => {
    assert.deepEqual(strongestHeads([0.1, 0.4, 0.2, 0.4], 2, 3), [
      { layer: 0, head: 1, weight: 0.4 },
      { layer: 1, head: 1, weight: 0.4 },
      { layer: 1, head: 0, weight: 0.2 },
    ]);
  });
});
