import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { devicesOf, findDevices, isTogether } from '../../../src/main/devices/device-list.ts';
import {
  type Card,
  graphicsCards,
  parseNvidiaCards,
  parseWindowsCards,
} from '../../../src/main/devices/graphics-cards.ts';
import { temporaryFolder } from '../../support/pictures.ts';

const MEBIBYTE = 2 ** 20;
const H200: Card = { vendor: 'nvidia', name: 'NVIDIA H200', driver: '570.1', memory: 143771 * MEBIBYTE };
const ARC: Card = { vendor: 'other', name: 'Intel graphics 8086:56a0', driver: 'i915 6.1', memory: null };

describe('graphics cards', () => {
  it.each([
    [
      'two',
      'NVIDIA H200, 570.1, 143771\r\nCard, the second, 1.2, [N/A]\n',
      [H200, { ...H200, name: 'Card, the second', driver: '1.2', memory: null }],
    ],
    ['none', 'No devices were found\n', []],
    ['nothing', '', []],
  ])('NVIDIA tells of %s', (_, text, cards) => {
    expect(parseNvidiaCards(text)).toEqual(cards);
  });

  it.each([
    ['one', '{"Name":"Intel(R) UHD","DriverVersion":"31.0"}', [['Intel(R) UHD', '31.0']]],
    [
      'several, one of them no card',
      '[{"Name":"Microsoft Basic Render Driver"},{"Name":"A","DriverVersion":null}]',
      [['A', '']],
    ],
    ['nonsense', 'Get-CimInstance : Access denied', []],
    ['nothing', 'null', []],
  ])('Windows tells of %s', (_, text, cards) => {
    expect(parseWindowsCards(text).map(({ name, driver }) => [name, driver])).toEqual(cards);
  });

  it.skipIf(process.platform !== 'linux')(
    'Linux tells of those that are for pictures (Linux has this folder)',
    async () => {
      const folder = await temporaryFolder();
      const add = async (name: string, files: Record<string, string>) => {
        await mkdir(join(folder, name, 'device'), { recursive: true });
        for (const [file, text] of Object.entries(files)) {
          await writeFile(join(folder, name, 'device', file), `${text}\n`);
        }
      };
      await add('card0', { vendor: '0x1a03', device: '0x2000' });
      await add('card1', { vendor: '0x8086', device: '0x56a0' });
      await add('card2', {
        vendor: '0x1002',
        device: '0x744c',
        product_name: 'Radeon PRO',
        mem_info_vram_total: '1024',
      });
      await add('card1-HDMI-A-1', { vendor: '0x8086', device: '0x56a0' });
      await symlink('../../../bus/pci/drivers/i915', join(folder, 'card1', 'device', 'driver'));
      const cards = (await graphicsCards('A processor', folder)).filter(({ vendor }) => vendor === 'other');
      expect(cards).toEqual([
        {
          vendor: 'other',
          name: 'Intel graphics 8086:56a0',
          driver: expect.stringMatching(/^i915 \d/),
          memory: null,
        },
        { vendor: 'other', name: 'Radeon PRO', driver: expect.stringMatching(/^\d/), memory: 1024 },
      ]);
    },
  );
});

describe('devices', () => {
  const all = ['cpu', 'cuda', 'dml', 'coreml', 'webgpu'] as const;
  const names = (devices: ReturnType<typeof devicesOf>) => devices.map(({ id, name }) => `${id} ${name}`);

  it('of DirectX are told apart by numbers, and known where they are alike', () => {
    const alike = devicesOf(['cpu', 'dml'], [ARC, ARC], 'Xeon');
    expect(alike.map(({ id, index, name, ambiguous }) => [id, index, name, ambiguous])).toEqual([
      ['dml:0', 0, ARC.name, undefined],
      ['dml:1', 1, ARC.name, undefined],
      ['cpu', undefined, 'Xeon', undefined],
    ]);
    const [unlike] = devicesOf(['cpu', 'dml'], [ARC, H200], 'Xeon');
    expect(unlike).toMatchObject({ id: 'dml:0', ambiguous: true, memory: null });
    expect(names(devicesOf(['cpu', 'dml'], [ARC], 'Xeon'))[0]).toBe(`dml ${ARC.name}`);
  });

  it('are each of NVIDIA’s cards, each of DirectX’s, one of each other provider, and the processor', () => {
    expect(names(devicesOf(all, [H200, H200, ARC], 'Xeon'))).toEqual([
      'cuda:0 NVIDIA H200',
      'cuda:1 NVIDIA H200',
      'dml:0 NVIDIA H200 or Intel graphics 8086:56a0',
      'dml:1 NVIDIA H200 or Intel graphics 8086:56a0',
      'dml:2 NVIDIA H200 or Intel graphics 8086:56a0',
      'coreml NVIDIA H200 or Intel graphics 8086:56a0',
      'webgpu NVIDIA H200 or Intel graphics 8086:56a0',
      'cpu Xeon',
    ]);
    expect(names(devicesOf(['cpu', 'cuda', 'webgpu'], [ARC], 'Xeon'))).toEqual([
      'webgpu Intel graphics 8086:56a0',
      'cpu Xeon',
    ]);
  });

  it('without a card are unlikely', () => {
    const devices = devicesOf(['cpu', 'cuda', 'webgpu'], [], 'Xeon');
    expect(devices.map(({ id, likely }) => [id, likely])).toEqual([
      ['webgpu', false],
      ['cpu', true],
    ]);
    expect(findDevices(devices, 'auto').map(({ id }) => id)).toEqual(['cpu']);
    expect(findDevices(devices, 'webgpu').map(({ id }) => id)).toEqual(['webgpu']);
  });

  it.each([
    ['auto', ['cuda:0', 'cuda:1', 'webgpu', 'cpu']],
    ['gpu', ['cuda:0', 'cuda:1', 'webgpu']],
    ['all', ['cuda:0', 'cuda:1', 'webgpu']],
    ['cuda', ['cuda:0', 'cuda:1']],
    ['CUDA:1', ['cuda:1']],
    ['h200', ['cuda:0', 'webgpu']],
    [' arc ', ['cuda:1', 'webgpu']],
    ['xeon', ['cpu']],
  ])('%s means these', (wanted, ids) => {
    const devices = devicesOf(['cpu', 'cuda', 'webgpu'], [H200, { ...H200, name: 'NVIDIA Arc' }], 'Xeon');
    expect(findDevices(devices, wanted).map(({ id }) => id)).toEqual(ids);
  });

  it.each([
    ['all', true],
    ['CUDA', true],
    ['cuda:1', false],
    ['gpu', false],
    ['auto', false],
  ])('%s means cards together: %s', (wanted, expected) => {
    expect(isTogether(wanted)).toBe(expected);
  });

  it.each(['', 'cuda:2', 'radeon', 'gpu'])('that there is not is refused: "%s"', (wanted) => {
    const devices = devicesOf(['cpu', 'cuda'], [], 'Xeon');
    expect(() => findDevices(devices, wanted)).toThrow(
      `There is no device '${wanted}'. Choose auto, or one of: cpu (Xeon).`,
    );
  });
});
