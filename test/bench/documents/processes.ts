/** What a process has used, as Linux tells it; NaN elsewhere. */
import { readFileSync } from 'node:fs';

/** Ticks a second: what Linux tells programs, whatever it counts in itself. */
const TICKS = 100;

/** CPU time of all its threads since it began. */
export function cpuSeconds(pid: number): number {
  const fields = read(`/proc/${pid}/stat`).split(') ')[1]?.split(' ') ?? [];
  return (Number(fields[11]) + Number(fields[12])) / TICKS;
}

export function residentMb(pid: number): number {
  return Number(/VmRSS:\s+(\d+)/.exec(read(`/proc/${pid}/status`))?.[1]) / 1024;
}

function read(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
