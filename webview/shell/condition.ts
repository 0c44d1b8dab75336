import type { Session } from '../session/session';
import { t } from '../text';

/** What a person can do about a condition. */
export type Action = 'restart' | 'chooseModel' | 'cancel' | 'retry';

/** What the panel says of itself beside or instead of a picture. */
export interface Condition {
  kind: 'connecting' | 'empty' | 'loading' | 'analysing' | 'stale' | 'problem';
  /** One sentence. */
  message: string;
  /** What the person can do about it, the likeliest first. */
  actions?: readonly Action[];
  /** 0 … 1; null: under way, but nobody knows how far. */
  progress?: number | null;
}

/** An engine that stopped may do so again with the same model. */
const NEW_START: readonly Action[] = ['restart', 'chooseModel'];

/** The most important thing to say, or null when all is well. */
export function conditionOf(session: Session): Condition | null {
  const { state } = session;
  const problem = problemOf(session);
  if (problem) return problem;
  if (!state) return { kind: 'connecting', message: '' };
  return (
    (state.document
      ? null
      : { kind: 'empty', message: t('No text is open that can be looked at.') }) ??
    loadingOf(session) ??
    analysingOf(session) ??
    staleOf(session)
  );
}

function problemOf({ state, answers: { failure } }: Session): Condition | null {
  if (state?.problem) {
    const { message, action } = state.problem;
    return { kind: 'problem', message, actions: action === 'restart' ? NEW_START : [] };
  }
  if (state?.status?.state === 'failed')
    return {
      kind: 'problem',
      message: state.status.message ?? t('The attention engine has stopped.'),
      actions: NEW_START,
    };
  return failure === null ? null : { kind: 'problem', message: failure, actions: ['retry'] };
}

function loadingOf({ state }: Session): Condition | null {
  const status = state?.status;
  if (status?.state === 'ready') return null;
  const name = status?.model?.name;
  const message = name ? t('Loading the model {0} …', name) : t('Loading the model …');
  return { kind: 'loading', message: status?.message ?? message, progress: null };
}

function analysingOf({ state, tokens }: Session): Condition | null {
  const progress = state?.progress ?? null;
  if (progress === null)
    return tokens ? null : { kind: 'analysing', message: t('Reading the text …'), progress: null };
  return {
    kind: 'analysing',
    message: t('Reading the text, {0} % done …', Math.round(progress * 100)),
    actions: ['cancel'],
    progress,
  };
}

function staleOf({ stale }: Session): Condition | null {
  return stale
    ? {
        kind: 'stale',
        message: t('The text has changed; this is the picture of what it was before.'),
      }
    : null;
}
