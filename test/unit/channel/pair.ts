/** Two ports that carry messages to each other as a worker does: cloned, in order, later. */
import type { Port } from '../../../channel/channel';

interface End extends Port {
  receive: (message: unknown) => void;
  /** Buffers that were transferred, in order. */
  transferred: ArrayBuffer[];
  /** Thrown by the next `post`. */
  failWith?: Error;
}

export function portPair(): [End, End] {
  const ends: [End, End] = [end(() => ends[1]), end(() => ends[0])];
  return ends;
}

function end(other: () => End): End {
  const self: End = {
    receive: () => undefined,
    transferred: [],
    post: (message, transfer = []) => {
      if (self.failWith) {
        const error = self.failWith;
        delete self.failWith;
        throw error;
      }
      const copy: unknown = structuredClone(message, { transfer: [...transfer] });
      self.transferred.push(...transfer);
      queueMicrotask(() => other().receive(copy));
    },
    listen: (receive) => (self.receive = receive),
  };
  return self;
}
