/** Which `.onnx` file of a folder is the model. */

/** From the most faithful to the smallest; a text model's encoder stands for it where there are two parts. */
const PREFERRED = [
  'model.onnx',
  'onnx/model.onnx',
  'onnx/encoder_model.onnx',
  'encoder_model.onnx',
  'onnx/decoder_model.onnx',
  'decoder_model.onnx',
  'onnx/decoder_model_merged.onnx',
  'decoder_model_merged.onnx',
  'model_optimized.onnx',
  'onnx/model_optimized.onnx',
  'onnx/model_fp16.onnx',
  'onnx/model_quantized.onnx',
  'onnx/model_int8.onnx',
  'onnx/model_uint8.onnx',
  'onnx/model_q4.onnx',
];

/** Every graph in the folder, the one to open first in front. */
export function onnxCandidates(paths: Iterable<string>): string[] {
  const rank = (path: string): number => {
    const at = PREFERRED.indexOf(path);
    return at < 0 ? PREFERRED.length : at;
  };
  return [...paths]
    .filter((path) => path.endsWith('.onnx'))
    .sort((a, b) => rank(a) - rank(b) || (a < b ? -1 : 1));
}
