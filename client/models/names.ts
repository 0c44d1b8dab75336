/** Names of models, as the setting writes them and as a person reads them. */

const REPOSITORY = /^[A-Za-z\d][\w.-]{0,95}\/[A-Za-z\d][\w.-]{0,95}(@[A-Za-z\d][\w./-]{0,255})?$/;

/** Whether `text` has the form owner/name or owner/name@revision. */
export function isHubName(text: string): boolean {
  const parts = text.split(/[/@]/);
  return REPOSITORY.test(text) && parts.every((part) => part !== '' && !/^\.+$/.test(part));
}

/**
 * What a person may have copied, as owner/name[@revision]: the address of a model's page, with or
 * without a revision, or the name itself.
 */
export function hubNameOf(text: string): string {
  const name = text.trim().replace(/^hf:/, '');
  const [, id, revision] = /^https?:\/\/[^/]+\/([^/\s]+\/[^/?#\s]+)(?:\/(?:tree|blob|resolve)\/([^/?#\s]+))?/.exec(name) ?? [];
  if (id === undefined) return name;
  return revision === undefined || revision === 'main' ? id : `${id}@${revision}`;
}

export interface ModelLabel {
  label: string;
  /** Where it lies. */
  description: string;
}

/** A `file:` or `hf:` model in two parts; undefined for others. */
export function labelOf(model: string): ModelLabel | undefined {
  if (model.startsWith('hf:')) return { label: model.slice(3), description: 'Hugging Face' };
  if (!model.startsWith('file:')) return undefined;
  const [, folder, form] = /^(.*)#([^#]+\.(?:onnx|safetensors))$/.exec(model) ?? [];
  const path = (folder ?? model).slice(5).replace(/[\\/]+$/, '');
  const at = Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\'));
  const name = path.slice(at + 1) || path;
  return {
    label: form === undefined ? name : `${name} (${form})`,
    description: path.slice(0, Math.max(at, 0)),
  };
}
