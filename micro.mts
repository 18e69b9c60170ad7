const root = process.argv[1]!;
const { withScratchWorkspace } = await import(root + '/demo/scratchWorkspace.ts');
await withScratchWorkspace({ runTests: false }, async ({ learner, repository }: any) => {
  const log = await repository.log({ to: 'refs/heads/main' });
  const commit = log.find((c: any) => c.subject === 'Recurring entries');
  const { material } = await learner.source.extract({ base: commit.parents[0]!, commits: [commit] });
  const { probes, spans } = await learner.measures.items(material, {});
  const s = await learner.editors.structural({ ...material, keptOut: { probes, spans } }, { budgetTokens: 5120, seed: 1 });
  const examples = s.pairs.map((p: any) => p.example);
  const recipe = s.recipe;
  const train = async () => { const t = performance.now(); const [r] = await learner.model.train([{ name: 'x', examples, recipe, seed: 1, from: null }]); return [performance.now() - t, r]; };
  const [, r] = await train() as any;
  const items = probes.slice(0, 48).map((p: any) => ({ example: p.example, adapter: r.adapter }));
  const score = async (n: number) => { const asked = Array.from({ length: n }, (_, i) => items[i % items.length]); const t = performance.now(); const out = await learner.model.score(asked); return [performance.now() - t, out]; };
  await score(64);
  const S: number[] = [], T: number[] = [];
  for (let i = 0; i < 2; i++) { const [a, out] = await score(64) as any; S.push(a); const [b] = await train() as any; T.push(b); if (i === 0) console.log('sum', out.reduce((n: number, o: any) => n + o.logProbability, 0)); }
  const med = (x: number[]) => x.sort((a, b) => a - b)[1]!;
  console.log(root, 'pairs', examples.length, 'probes', items.length, 'score64 ms', Math.round(med(S)), 'train ms', Math.round(med(T)), S.map(Math.round).join(' '), T.map(Math.round).join(' '));
});
