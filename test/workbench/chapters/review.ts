// The review of what a commit taught, and a version made again without one of its pairs.
import { subjects } from '../project/workshop.ts';
import { claim, until, type Stage, type Step } from '../stage.ts';

export const reviewSteps: readonly Step[] = [
  {
    title: 'the review opens with pairs and charts',
    run: async (stage) => {
      const { workbench, seen } = stage;
      await workbench.row(subjects.second).first().click();
      const frame = await workbench.reviewFrame();
      await frame.locator('h1', { hasText: subjects.second }).waitFor();
      claim((await frame.locator('header code').first().innerText()) === seen.second, 'the review is of another version');
      claim((await frame.locator('.pairs .pair').count()) > 3, 'the review lists no pairs');
      await frame.locator('.uplot canvas').first().waitFor();
      claim(await drawn(stage), 'the charts are empty');
      await workbench.screenshot('11-review');
      await frame.locator('#pairs').scrollIntoViewIfNeeded();
      await workbench.screenshot('12-review-pairs');
    },
  },
  {
    title: 'striking a pair and retraining makes a new version',
    run: async (stage) => {
      const { workbench, seen } = stage;
      const frame = await workbench.reviewFrame();
      await frame.locator('.pairs .pair vscode-checkbox').first().click();
      await frame.locator('.pairs .pair.struck').first().waitFor();
      await workbench.screenshot('13-struck');
      await frame.locator('#retrain').click();
      await until('a version that is neither of the two is in the tree', async () => {
        const names = (await workbench.rows()).flatMap((row) => (row.includes(subjects.second) ? (/· ([0-9a-f]{7})\b/.exec(row)?.[1] ?? []) : []));
        seen.retrained = names.find((name) => name !== seen.first && name !== seen.second) ?? '';
        return seen.retrained;
      });
      await (await workbench.reviewFrame()).locator('h1').waitFor();
      await workbench.screenshot('14-retrained');
      await workbench.command('View: Close All Editors');
    },
  },
];

/** Some pixel of the first chart is not the background's. */
async function drawn({ workbench }: Stage): Promise<boolean> {
  const frame = await workbench.reviewFrame();
  return frame.locator('.uplot canvas').first().evaluate((element) => {
    const canvas = element as unknown as { width: number; height: number; getContext(kind: '2d'): { getImageData(x: number, y: number, w: number, h: number): { data: Uint8ClampedArray } } };
    return canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data.some((value) => value !== 0);
  });
}
