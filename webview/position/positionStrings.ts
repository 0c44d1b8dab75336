/** What the Position view says of layers and of biases by distance. */
export const positionStrings = ['Layers with encodings of their own'] as const;
