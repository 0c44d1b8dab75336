/** The Chapter model's scores as the engine recomputes them. */
import type { ScoreBias, ScoreRule } from '../models/manifest';
import type { ChapterSettings } from './controls';
import { chapterScore } from './model';

/** `keyWidth`: what d_k is taken to be; the width of a head unless given. */
export function chapterScoreRule(
  settings: ChapterSettings,
  width: number,
  keyWidth?: number,
): ScoreRule {
  const { score, causal, slopes } = chapterScore(settings, width, keyWidth);
  const bias: ScoreBias = { causal, ...(slopes ? { alibi: { slopes: [...slopes] } } : {}) };
  return score.kind === 'additive'
    ? { kind: 'additive', v: [...score.v], bias }
    : { ...score, bias };
}
