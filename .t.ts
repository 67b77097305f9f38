import { readFileSync, writeFileSync } from 'node:fs';
import ort from 'onnxruntime-node';
import { readModel, writeModel } from './src/engine/quantisation/onnx-model.ts';
const f = process.argv[2]!;
const bytes = readFileSync(f);
await ort.InferenceSession.create(bytes, { graphOptimizationLevel: 'basic', optimizedModelFilePath: '/tmp/qz/basic.onnx', logSeverityLevel: 3 });
for (const b of [bytes, readFileSync('/tmp/qz/basic.onnx')]) {
const m = readModel(b);
console.log(b.length, writeModel(m).length, m.opsetImport.map(o => `${o.domain}:${o.version}`).join(' '), m.graph.initializer.length, m.graph.valueInfo.length);
for (const n of m.graph.node) console.log(n.domain, n.opType, n.input.join(','), '->', n.output.join(','));
}
