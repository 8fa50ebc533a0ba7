/** A port whose every call is two places to end at, or for others to act: `step` is told before it, and after it took effect. */
export function mortal<Port extends object>(port: Port, step: (name: string) => void | Promise<void>): Port {
  return new Proxy(port, {
    get: (target, name) => {
      const value: unknown = Reflect.get(target, name);
      if (typeof value !== 'function') return value;
      return async (...given: unknown[]) => {
        await step(String(name));
        const result: unknown = await Reflect.apply(value, target, given);
        await step(`after ${String(name)}`);
        return result;
      };
    },
  });
}
