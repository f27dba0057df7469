// Parses a diagram with Mermaid itself: node mermaid.mjs FOLDER-OF-NODE_MODULES FILE
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

const [modules, file] = process.argv.slice(2);
const mermaid = (await import(pathToFileURL(join(resolve(modules), 'node_modules/mermaid/dist/mermaid.core.mjs')))).default;
try {
    console.log((await mermaid.parse(readFileSync(file, 'utf8'))).diagramType);
} catch (e) {
    console.error(String(e));
    process.exit(1);
}
