// Whether the machine runs on its battery: asked now and then of /sys/class/power_supply. A machine without one is on mains power.
import type { Clock } from '../../base/clock.ts';
import type { Files } from '../../base/files.ts';

export interface PowerWatchParts {
  readonly clock: Clock;
  readonly files: Files;
  readonly onChange: (onBattery: boolean) => void;
  /** Default /sys/class/power_supply. */
  readonly folder?: string;
}

const lookEveryMs = 30_000;

export class PowerWatch {
  onBattery = false;
  private readonly ending = new AbortController();

  constructor(private readonly parts: PowerWatchParts) {
    void this.run();
  }

  dispose(): void {
    this.ending.abort();
  }

  private async run(): Promise<void> {
    const { clock, files, folder = '/sys/class/power_supply' } = this.parts;
    const { signal } = this.ending;
    while (!signal.aborted) {
      const onBattery = await isOnBattery(files, folder);
      if (signal.aborted) return;
      if (onBattery !== this.onBattery) {
        this.onBattery = onBattery;
        this.parts.onChange(onBattery);
      }
      await clock.sleep(lookEveryMs, signal).catch(() => undefined);
    }
  }
}

/** A battery of the machine itself discharges and no mains supply is online; batteries of mice and keyboards do not count. */
export async function isOnBattery(files: Files, folder: string): Promise<boolean> {
  const names = await files.list(folder).catch(() => []);
  const read = async (name: string, what: string): Promise<string> => (await files.readText(`${folder}/${name}/${what}`).catch(() => '')).trim();
  let discharging = false;
  for (const name of names) {
    const type = await read(name, 'type');
    if (type === 'Battery' && (await read(name, 'scope')) !== 'Device') discharging ||= (await read(name, 'status')) === 'Discharging';
    else if (type !== 'Battery' && type !== '' && (await read(name, 'online')) === '1') return false;
  }
  return discharging;
}
