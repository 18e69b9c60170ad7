// An editor for the test that the server ends with it: starts one, waits until its model answers, tells the pids, and then does nothing.
import { LanguageClient } from './languageClient.ts';

const [folder = '', home = ''] = process.argv.slice(2);
const client = await LanguageClient.start({ folders: [folder], home });
await client.untilReady();
process.send?.([client.server.pid, ...client.engines()]);
