import type { TFunction } from 'i18next';
import { isChoosable } from '../../shared/network.ts';
import type { Certainty, ModelFindings } from '../../shared/probing.ts';
import { formatCount, formatShare } from '../components/figures.ts';
import { doingOf } from './model-facts.ts';

/** Something that was found out, in words. */
export interface FoundFact {
  name: string;
  value: string;
  /** How it came about, in words; absent where nothing was said of that. */
  certain?: string;
}

/** The findings as they are with these answers to their questions; what is not answered has its default. */
export function answeredFindings(
  findings: ModelFindings,
  answers: Readonly<Record<string, string>>,
): ModelFindings {
  const changes = findings.questions.map(({ id, choices }) => {
    return choices.find(({ value }) => value === answers[id])?.changes ?? {};
  });
  return Object.assign({}, findings, ...changes) as ModelFindings;
}

/** What was found out of a network, in words that say what it means for pictures. */
export function foundFacts(found: ModelFindings, t: TFunction, language: string): FoundFact[] {
  const { certain, range, multiple, strength, exact } = found;
  const count = (value: number) => formatCount(value, language);
  const fact = (name: string, value: string, of?: keyof ModelFindings['certain']): FoundFact => {
    const how: Certainty | undefined = of && certain[of];
    return { name, value, ...(how ? { certain: t(`models.certain.${how}`) } : {}) };
  };
  const [from, to] = range;
  return [
    fact(t('models.task'), doingOf(found, t), 'scale'),
    fact(t('models.tiles'), tilesOf(found, t), 'receptiveRadius'),
    ...(multiple > 1 ? [fact(t('models.sides'), t('models.sidesOf', { count: multiple }), 'multiple')] : []),
    fact(t('models.values'), t('models.valuesOf', { from: count(from), to: count(to) }), 'range'),
    fact(t('models.colours'), coloursOf(found, t), 'channels'),
    ...(strength && isChoosable(strength)
      ? [
          fact(
            t('recipe.strength'),
            t('models.strengthOf', { share: formatShare(strength.default, language) }),
            'strength',
          ),
        ]
      : []),
    fact(t('models.seams'), t(exact ? 'models.seamsExact' : 'models.seamsAbout'), 'exact'),
    fact(t('models.weights'), count(found.parameters)),
  ];
}

function tilesOf({ fixed, tile, receptiveRadius }: ModelFindings, t: TFunction): string {
  const [width, height] = fixed ?? tile.cpu;
  const words = { width, height, count: receptiveRadius };
  if (fixed) return t('models.tilesFixed', words);
  return t(receptiveRadius === 0 ? 'models.tilesWhole' : 'models.tilesOf', words);
}

const COLOURS = { 1: 'gray', 3: 'rgb', 4: 'rgba' } as const;

function coloursOf({ channels, channelOrder }: ModelFindings, t: TFunction): string {
  const colours = channels === 3 && channelOrder === 'BGR' ? 'bgr' : COLOURS[channels];
  return t(`models.coloursOf.${colours}`);
}
