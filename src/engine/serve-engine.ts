import {
  type EngineConfig,
  type EnginePort,
  engineRequests,
  type RequestInput,
  type RequestName,
  toEngineSchema,
} from '../shared/engine-protocol.ts';
import { asEnlargerError, EnlargerError } from '../shared/errors.ts';
import { type AroundStage, Engine } from './engine.ts';

/** Answers main's requests on `port`; the first must be `configure`. Returns how to clean up in a hurry. */
export function serveEngine(port: EnginePort, around?: AroundStage): { scratch(): string | undefined } {
  let engine: Engine | undefined;

  const configure = async ({ config }: { config: EngineConfig }) => {
    engine ??= await Engine.start(config, (jobs) => port.send({ type: 'progress', jobs }), around);
    return engine.greeting();
  };

  const answer = (request: RequestName, input: unknown): Promise<unknown> => {
    if (request === 'configure') return configure(input as RequestInput<'configure'>);
    if (!engine)
      throw new EnlargerError('internal', `The engine was asked to ${request} before it was set up.`);
    return (engine[request] as (input: unknown) => Promise<unknown>).call(engine, input);
  };

  port.onMessage(async (raw) => {
    const { id, request, input } = toEngineSchema.parse(raw);
    try {
      if (!isRequest(request))
        throw new EnlargerError('protocol-mismatch', `The engine cannot '${request}'.`);
      const output = await answer(request, engineRequests[request].input.parse(input));
      port.send({ type: 'answer', id, output });
    } catch (error) {
      port.send({ type: 'failed', id, error: asEnlargerError(error, 'internal').toJSON() });
    }
  });

  return { scratch: () => engine?.scratch };
}

function isRequest(name: string): name is RequestName {
  return Object.hasOwn(engineRequests, name);
}
