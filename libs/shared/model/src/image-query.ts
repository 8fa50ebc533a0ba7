/** An image that is asked for: by all the names that mean it, and by tag or digest where one is said. */
export interface ImageQuery {
  /** Absent where any name will do. */
  readonly names?: readonly string[];
  readonly tag?: string;
  readonly digest?: string;
}

const pattern =
  /^([a-zA-Z0-9][\w./-]*(?::\d+\/[\w./-]+)?)?(?::([\w][\w.-]{0,127}))?(?:@([a-z0-9+._-]+:[0-9a-f]{32,128}))?$/;

/** Reads `NAME`, `NAME:TAG`, `NAME@DIGEST`, `@DIGEST` and a digest by itself; `undefined` for anything else. */
export function readImageQuery(text: string): ImageQuery | undefined {
  const isDigest = /^sha(256|512):[0-9a-f]+$/.test(text);
  const [, name, tag, digest] = pattern.exec(isDigest ? `@${text}` : text) ?? [];
  if (name === undefined && digest === undefined) return undefined;
  return { ...(name && { names: namesOf(name) }), ...(tag && { tag }), ...(digest && { digest }) };
}

const hubs: readonly string[] = ['docker.io', 'index.docker.io'];

/** What stands for one name: of Docker Hub, registry and `library/` may be left out. */
function namesOf(name: string): readonly string[] {
  const [first = '', ...rest] = name.split('/');
  const isRegistry = rest.length > 0 && (/[.:]/.test(first) || first === 'localhost');
  if (isRegistry && !hubs.includes(first)) return [name];
  const path = isRegistry ? rest.join('/') : name;
  const short = path.replace(/^library\//, '');
  const paths = short.includes('/') ? [short] : [short, `library/${short}`];
  return [...paths, ...hubs.flatMap((hub) => paths.map((each) => `${hub}/${each}`))];
}
