#!/usr/bin/env node
// The command line's root: says where the installation is, turns Ctrl-C into a cancellation, and exits with the command's code.
import { dirname } from 'node:path';
import packageJson from '../package.json' with { type: 'json' };
import { runCommandLine } from './commandLine/program.ts';
import { installationAt } from './installation.ts';

const stopping = new AbortController();
process.once('SIGINT', () => stopping.abort());
process.once('SIGTERM', () => stopping.abort());

runCommandLine(process.argv.slice(2), { installation: installationAt(dirname(__dirname)), version: packageJson.version, signal: stopping.signal }).then(
  (code) => {
    process.exitCode = code;
  },
  (error: unknown) => {
    process.stderr.write(`graft: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
    process.exitCode = 1;
  },
);
