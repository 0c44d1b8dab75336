/** The process that damaged files are fed to, so that a crash or a hang ends this one alone. */
import { Random } from './random';
import { isRefusal, TARGETS, type TargetName } from './targets';

export interface Order {
  target: TargetName;
  seed: number;
}

export interface Outcome {
  /** What broke the law; null where nothing did. */
  broken: string | null;
  accepted: boolean;
}

/** Seconds of processor time. */
const MOST_SECONDS = 5;
const MEBIBYTE = 2 ** 20;
/** How far memory may grow over one file. */
const most = (bytes: number): number => 64 * MEBIBYTE + 20 * bytes;

process.on('message', ({ target, seed }: Order) => process.send?.(run(target, seed)));

function run(target: TargetName, seed: number): Outcome {
  const file = TARGETS[target].mutate(new Random(seed));
  globalThis.gc?.();
  const before = process.memoryUsage.rss();
  const highest = process.resourceUsage().maxRSS;
  const start = process.cpuUsage();
  const outcome = feed(target, file);
  const { user } = process.cpuUsage(start);
  if (user > MOST_SECONDS * 1e6) return { ...outcome, broken: `${(user / 1e6).toFixed(1)} s` };
  const peak = process.resourceUsage().maxRSS;
  const grown = peak * 1024 - before;
  const over = peak > highest && grown > most(file.length);
  return over
    ? { ...outcome, broken: `${(grown / MEBIBYTE).toFixed(0)} MiB for ${file.length} bytes` }
    : outcome;
}

function feed(target: TargetName, file: Uint8Array): Outcome {
  try {
    TARGETS[target].run(file);
    return { broken: null, accepted: true };
  } catch (error) {
    if (isRefusal(error)) return { broken: null, accepted: false };
    const { stack } = error instanceof Error ? error : new Error(String(error));
    return { broken: stack?.split('\n').slice(0, 6).join('\n') ?? '', accepted: false };
  }
}
