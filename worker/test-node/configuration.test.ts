import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { unstable_readConfig as readConfig } from 'wrangler';

const config = resolve(import.meta.dirname, '../../wrangler.toml');
process.env.CLOUDFLARE_CF_FETCH_ENABLED = 'false';

/** What these tests look at; wrangler's own type is wider than can be resolved from here. */
interface Configuration {
  vars: Record<string, unknown>;
  secrets?: { required?: string[] };
  d1_databases: { binding: string; migrations_dir: string }[];
  r2_buckets: { binding: string }[];
  queues: {
    producers?: { binding: string; queue: string }[];
    consumers?: { queue: string; dead_letter_queue?: string; max_batch_size?: number }[];
  };
  durable_objects: { bindings: unknown[] };
  migrations: unknown[];
  containers?: { class_name: string; image: string; instance_type: string; max_instances: number }[];
  triggers: unknown;
  kv_namespaces: unknown[];
  services: unknown;
  ai: unknown;
  analytics_engine_datasets: unknown;
  ratelimits: unknown;
  workflows: unknown;
}

function read(environment?: string): Configuration {
  return readConfig(
    { config, ...(environment === undefined ? {} : { env: environment }) },
    { hideWarnings: true },
  ) as unknown as Configuration;
}

/** Everything that wrangler does not inherit and code or data relies on, by name. */
function namesOf(environment?: string) {
  const {
    d1_databases,
    r2_buckets,
    queues,
    durable_objects,
    migrations,
    containers,
    triggers,
    kv_namespaces,
    services,
    ai,
    analytics_engine_datasets,
    ratelimits,
    workflows,
  } = read(environment);
  return {
    d1: d1_databases.map(({ binding, migrations_dir }) => ({ binding, migrations_dir })),
    r2: r2_buckets.map(({ binding }) => binding),
    producers: queues.producers?.map(({ binding, queue }) => ({ binding, queue })),
    consumers: queues.consumers,
    durableObjects: durable_objects.bindings,
    migrations,
    containers: containers?.map(({ class_name, image, instance_type, max_instances }) => ({
      class_name,
      image,
      instance_type,
      max_instances,
    })),
    triggers,
    others: {
      kv: kv_namespaces,
      services,
      ai,
      analytics_engine_datasets,
      ratelimits,
      workflows,
    },
  };
}

describe('wrangler.toml', () => {
  it('gives production every binding that development has, for nothing is inherited', () => {
    expect(namesOf('production')).toEqual(namesOf());
    expect(namesOf().r2).toEqual(['MEDIA']);
  });

  it('sets the same vars in production, but for the address of a local transcoder', () => {
    const { TRANSCODER_URL, ...development } = read().vars;
    expect(TRANSCODER_URL).toBeDefined();
    expect(Object.keys(read('production').vars).toSorted()).toEqual(Object.keys(development).toSorted());
    expect(read('production').vars.ENVIRONMENT).toBe('production');
  });

  it('asks for every secret of development in production too, and never lets it be anonymous', () => {
    const required = read('production').secrets?.required ?? [];
    expect(required).toEqual(expect.arrayContaining([...(read().secrets?.required ?? []), 'ACCESS_TOKENS']));
  });

  it('sends what the queue gives up on to a queue that somebody reads', () => {
    const { producers = [], consumers = [] } = namesOf('production');
    const read = consumers.map(({ queue }) => queue);
    for (const { queue } of producers) expect(read).toContain(queue);
    const working = consumers.filter(({ queue }) => !queue.endsWith('-dead'));
    expect(working.length).toBe(producers.length);
    for (const { dead_letter_queue } of working) expect(read).toContain(dead_letter_queue);
    const transcodes = working.find(({ queue }) => queue === 'melro-transcodes');
    expect(transcodes?.max_batch_size, 'a batch would share the fifteen minutes of one recording').toBe(1);
  });
});
