// A parent for the test that an engine ends with it: starts one, tells its pid, and then does nothing.
import { fileURLToPath } from 'node:url';
import { forkProcess } from '../../server/host/forkedProcess.ts';

const engine = forkProcess({
  modulePath: fileURLToPath(new URL('../../server/engineMain.ts', import.meta.url)),
  execArgv: ['--import', 'tsx'],
  env: { PATH: process.env['PATH'] ?? '' },
});
engine.onMessage((message) => process.send?.(message));
