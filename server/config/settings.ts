// The settings of `graft.*`: their shapes, defaults and help. `contributes.configuration` in package.json is generated from this file.
// Each setting is read for itself, so that one wrong value costs only itself. `restricted`: a folder that is not trusted may not set it; `scope`
// application: no folder may.
import { z } from 'zod';
import { isHours } from './hours.ts';

const hours = z.string().refine(isHours, 'write two hours of the day, such as 22-6');

export const settingsSchema = z.object({
  enabled: z.boolean().default(true).describe('Turns Graft on. Off means off: no process, no memory, no watching.'),
  model: z
    .string()
    .default('')
    .describe('The local model: empty for the bundled starter model, the name of a fetched model such as `Qwen/Qwen2.5-Coder-0.5B`, or a folder with a Hugging Face checkpoint.')
    .meta({ restricted: true }),
  device: z
    .enum(['cpu', 'webgpu'])
    .default('cpu')
    .describe('Where the model runs, for completions and for learning. The status bar shows the one in use.')
    .meta({
      restricted: true,
      enumDescriptions: [
        'The processor.',
        'A GPU, through WebGPU. Its results have been checked on a software Vulkan; its speed has never been measured on a GPU and may be below the CPU. Where no GPU is found, Graft says so and does not run.',
      ],
    }),
  learning: z.object({
    schedule: z
      .enum(['onCommit', 'idle', 'hours', 'manual'])
      .default('onCommit')
      .describe('When commits are learnt.')
      .meta({
        enumDescriptions: [
          'Soon after each commit, in the background.',
          'Once nobody has typed for ten minutes.',
          'Within the hours of the day that `#graft.learning.hours#` names.',
          'Only on the command "Graft: Learn Now".',
        ],
      }),
    hours: hours.default('22-6').describe('Hours of the day for the schedule `hours`, such as `22-6`: from the first up to the second.'),
    sleep: z.boolean().default(true).describe("Consolidates what was learnt when the machine is idle: derives the branch's adapter again from all kept pairs, and keeps it only if it is better."),
  }),
  budget: z.object({
    threads: z.int().min(0).max(64).default(0).describe('Threads for learning, at low priority. 0: as many as the machine has, at most four.'),
    gpuShare: z
      .number()
      .min(0.05)
      .max(1)
      .default(1)
      .describe('Share of the time for which learning may keep the GPU busy, 0.05 to 1, with `#graft.device#` at `webgpu`: after each step learning waits. Completions never wait. It is counted from how long steps take, not by the GPU.'),
    memoryMb: z
      .number()
      .min(0)
      .default(0)
      .describe(
        'Megabytes that the process that learns may hold, model included. Looked at every second: over it learning is stopped and the process ended; what was to be learnt waits for another limit, another model or "Learn Now". 0: no limit. Completions have a process of their own, which this does not bound.',
      ),
    minutesPerDay: z.number().min(0).max(1440).default(0).describe('Minutes of learning a day for each repository. 0: no limit. What is over waits for the next day, or for "Learn Now".'),
    diskMb: z
      .number()
      .min(0)
      .default(2048)
      .describe('Megabytes that the versions of a repository may take. Over it the weights of the oldest versions are dropped (their pairs and figures stay); learning pauses where that is not enough. 0: no limit.'),
  }),
  power: z.object({
    pauseOnBattery: z.boolean().default(true).describe('Learns only on mains power, where the system says which it is (Linux). Completions go on.'),
  }),
  languages: z
    .array(z.enum(['typescript', 'javascript', 'python']))
    .default(['typescript', 'javascript', 'python'])
    .describe('Languages that are completed and learnt.'),
  ignore: z.array(z.string()).default([]).describe('Files that are neither completed nor learnt, as patterns of a `.gitignore`. A `.graftignore` in the repository does the same for everybody.'),
  tests: z.object({
    enabled: z.boolean().default(true).describe("Runs the project's own tests in a sandbox to judge what was learnt."),
    command: z
      .string()
      .default('')
      .describe(
        'The command that runs one test file, such as `npx vitest run --reporter=tap-flat`. Its path is appended, or stands where `{file}` does. It must print TAP on standard output and end with status 0 where all pass; it runs in the sandbox, without network. Empty: `node --test` as package.json has it.',
      )
      .meta({ restricted: true }),
  }),
  approvedAuthors: z
    .array(z.string())
    .default([])
    .describe('E-mail addresses of authors whose commits may teach and run tests, besides your own (`user.email`). `all` approves everybody; names can be forged. For one repository: `git config --add graft.approvedAuthor EMAIL`.')
    .meta({ scope: 'application' }),
  completion: z.object({
    enabled: z.boolean().default(true).describe('Suggests code as you type or on request.'),
    automatic: z.boolean().default(true).describe('Suggests as you type. Off: only on the command "Trigger Inline Suggestion".'),
    debounceMs: z.number().min(0).max(2000).nullable().default(null).describe('Milliseconds to wait after a key press. Empty: adapts to your typing.'),
    multiline: z.boolean().default(true).describe('Allows suggestions of several lines.'),
    minimumConfidence: z.number().min(0).max(1).nullable().default(null).describe('Suggestions below this confidence (0 to 1) are not shown. Empty: the calibrated default.'),
  }),
});

export type Settings = z.infer<typeof settingsSchema>;
