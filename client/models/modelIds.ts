/** The models that come with the extension, as the setting, `attentionLens/selectModel` and a model's `id` name them. */
export const BUNDLED_MODEL = 'bundled';
export const CHAPTER_MODEL = 'chapter';
