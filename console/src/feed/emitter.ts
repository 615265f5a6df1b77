/** Tells whoever listens. */
export interface Emitter<T> {
  emit(value: T): void;
  listen(listener: (value: T) => void): () => void;
}

export function createEmitter<T>(): Emitter<T> {
  const listeners = new Set<(value: T) => void>();
  return {
    emit: (value) => {
      listeners.forEach((listener) => {
        listener(value);
      });
    },
    listen: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
