// The engine process: one model, reached only over the message channel of the process that forked it. Native code may
// abort it at any time, so it holds nothing that its parent cannot bring back.
import { setPriority } from 'node:os';
import { createEngineService } from './engine/service/engineService.ts';
import { openModelExecutor } from './engine/service/modelExecutor.ts';
import { openOnnxruntime } from './engine/runtime/onnxruntime/openOnnxruntime.ts';
import { nodeFiles } from './host/nodeFiles.ts';
import { nodeLargeFiles } from './host/nodeLargeFiles.ts';
import { systemClock } from './host/systemClock.ts';
import { readModelFolder } from './models/modelFolder.ts';
import { hashModel } from './models/modelHash.ts';
import type { EngineMessage } from './protocol/engine.ts';

/** `--nice=N` lowers the process's priority, so that learning never slows the editor. */
function main(): void {
  lowerPriority(process.argv);
  if (process.send === undefined) {
    process.stderr.write('This is the engine of Graft: it is started by Graft itself and has no command line.\n');
    process.exitCode = 2;
    return;
  }
  const send = (message: EngineMessage): void => {
    // Nobody listens any more: 'disconnect' ends this process.
    if (process.connected) process.send?.(message, undefined, undefined, () => {});
  };
  const parts = {
    files: nodeFiles,
    largeFiles: nodeLargeFiles,
    clock: systemClock,
    openRuntime: openOnnxruntime,
    async identify({ modelFolder, cacheFolder }: { readonly modelFolder: string; readonly cacheFolder: string }) {
      const model = await readModelFolder(nodeFiles, modelFolder);
      return { name: model.name, hash: await hashModel(model, { files: nodeFiles, largeFiles: nodeLargeFiles, cacheFolder }) };
    },
  };
  const service = createEngineService((options) => openModelExecutor(parts, options), { send, clock: systemClock });
  process.on('message', (message) => void service.receive(message));
  // At once, without freeing anything: the parent is gone, and the system frees faster than we do.
  process.on('disconnect', () => process.exit(0));
  send({ ready: true, pid: process.pid });
}

function lowerPriority(args: readonly string[]): void {
  const nice = Number(args.find((arg) => arg.startsWith('--nice='))?.slice('--nice='.length) ?? 0);
  if (!(nice > 0)) return;
  try {
    setPriority(Math.min(19, Math.round(nice)));
  } catch {
    // A system that forbids it runs the engine at the usual priority.
  }
}

main();
