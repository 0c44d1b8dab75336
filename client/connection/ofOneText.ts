/** Questions of views that know one text. */

/**
 * `params` without the kind of attention that hovers show, unless they name the other text:
 * what is not asked about two texts is asked about what an encoder, or the only stack, makes of one.
 */
export function ofOneText(method: string, params: object): object {
  if (method === 'attentionLens/setSelection' || !('stack' in params) || 'source' in params)
    return params;
  const { stack, ...others } = params;
  return stack === undefined || stack === 'encoder' ? params : others;
}
