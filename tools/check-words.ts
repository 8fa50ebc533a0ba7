/**
 * Whoever uses a lib reads its door: each name that a door lists carries its own sentences. A type that is only inferred
 * from a schema, or read out of a list, is explained where that stands.
 */
import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import ts from 'typescript';

interface Export {
  readonly file: string;
  readonly name: string;
}

const sources = new Map<string, ts.SourceFile>();
const doors = globSync('libs/**/package.json', { exclude: ['**/node_modules/**'] }).flatMap((manifest) => {
  const { exports = {} } = JSON.parse(readFileSync(manifest, 'utf8')) as {
    exports?: Record<string, { source?: string }>;
  };
  return Object.values(exports).flatMap(({ source }) => (source ? [join(dirname(manifest), source)] : []));
});
const silent = doors.flatMap(exportsOf).filter((exported) => !isExplained(exported));
const lines = new Set(silent.map(({ file, name }) => `${file}: ${name}`));
if (lines.size > 0) {
  console.log(`public names without a word for whoever uses them:\n${[...lines].toSorted().join('\n')}`);
  process.exitCode = 1;
}

/** Doors list their names by hand, so the syntax alone says what leaves. */
function exportsOf(door: string): Export[] {
  return parsed(door).statements.flatMap((statement) => {
    if (!ts.isExportDeclaration(statement) || !statement.moduleSpecifier) return [];
    const file = join(dirname(door), (statement.moduleSpecifier as ts.StringLiteral).text);
    const clause = statement.exportClause;
    if (!clause || !ts.isNamedExports(clause) || !existsSync(file)) return [];
    return clause.elements.map(({ name, propertyName }) => ({ file, name: (propertyName ?? name).text }));
  });
}

function isExplained({ file, name }: Export): boolean {
  const declaration = parsed(file).statements.find((statement) => declares(statement, name));
  if (!declaration) return true;
  // Options are those of something that is explained, and their fields speak.
  return name.endsWith('Options') || ts.getJSDocCommentsAndTags(declaration).length > 0 || isDerived(declaration);
}

function declares(statement: ts.Statement, name: string): boolean {
  if (ts.isVariableStatement(statement)) {
    return statement.declarationList.declarations.some((declared) => declared.name.getText() === name);
  }
  return (statement as { name?: ts.Identifier }).name?.text === name;
}

function isDerived(declaration: ts.Statement): boolean {
  if (!ts.isTypeAliasDeclaration(declaration)) return false;
  return ts.isIndexedAccessTypeNode(declaration.type) || /\btypeof\b/.test(declaration.type.getText());
}

function parsed(file: string): ts.SourceFile {
  const known =
    sources.get(file) ?? ts.createSourceFile(file, readFileSync(file, 'utf8'), ts.ScriptTarget.Latest, true);
  sources.set(file, known);
  return known;
}
