// Validates JSON against a schema with Ajv: node schema.mjs FOLDER-OF-NODE_MODULES SCHEMA FILE
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';

const [modules, schema, file] = process.argv.slice(2);
const Ajv = createRequire(join(resolve(modules), 'package.json'))('ajv');
const validate = new (Ajv.default ?? Ajv)({ allErrors: false }).compile(JSON.parse(readFileSync(schema, 'utf8')));
if (!validate(JSON.parse(readFileSync(file, 'utf8')))) {
    console.error(JSON.stringify(validate.errors));
    process.exit(1);
}
console.log('valid');
