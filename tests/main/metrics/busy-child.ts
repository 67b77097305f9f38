/** A process that computes without end, once it has told that it does. */
process.send?.('computing');
process.on('disconnect', () => process.exit());
setImmediate(function compute() {
  const until = performance.now() + 20;
  while (performance.now() < until);
  setImmediate(compute);
});
