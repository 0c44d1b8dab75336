/** Where the runtime for graphics cards puts itself in a browser's worker. */
export const GPU_RUNTIME = 'attentionLensGpuRuntime';
