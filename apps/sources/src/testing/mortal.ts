/** A port whose every call is two places to end at: `step` is told before it, and after it took effect. */
export function mortal<Port extends object>(port: Port, step: (name: string) => void): Port {
  return new Proxy(port, {
    get: (target, name) => {
      const value: unknown = Reflect.get(target, name);
      if (typeof value !== 'function') return value;
      return async (...given: unknown[]) => {
        step(String(name));
        const result: unknown = await Reflect.apply(value, target, given);
        step(`after ${String(name)}`);
        return result;
      };
    },
  });
}
