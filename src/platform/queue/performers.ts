import { Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { DiscoveryService, Reflector } from '@nestjs/core';
import { Config } from '../config.js';
import { declaredJobs, type JobKind, Jobs, PERFORMS, type Performs } from './jobs.js';

/** Finds every performer at boot; boot stops when a declared job has none or two. */
@Injectable()
export class Performers implements OnApplicationBootstrap {
  constructor(
    private readonly discovery: DiscoveryService,
    private readonly reflector: Reflector,
    private readonly jobs: Jobs,
    private readonly config: Config,
  ) {}

  onApplicationBootstrap(): void {
    const found = this.found();
    const names = found.map(({ kind }) => kind.name);
    const mistakes = [
      ...declaredJobs()
        .filter((name) => !names.includes(name))
        .map((name) => `${name} has no performer`),
      ...names.filter((name, index) => names.indexOf(name) !== index).map((name) => `${name} has two performers`),
    ];
    if (mistakes.length > 0) {
      throw new Error(`Jobs: ${mistakes.join(', ')}`);
    }
    if (this.config.runsWork || this.config.runsSchedule) {
      found.forEach(({ kind, performer }) => this.jobs.register(kind, performer, this.config.runsWork));
    }
  }

  found(): { kind: JobKind<never>; performer: Performs<never> }[] {
    return this.discovery.getProviders().flatMap(({ instance, metatype }) => {
      const kind = metatype ? this.reflector.get<JobKind<never> | undefined>(PERFORMS, metatype) : undefined;
      return kind && instance ? [{ kind, performer: instance as Performs<never> }] : [];
    });
  }
}
