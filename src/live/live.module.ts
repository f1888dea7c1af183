import { Global, Module } from '@nestjs/common';
import { LiveController } from './live.controller.js';
import { LiveStreams } from './live_streams.service.js';
import { LiveTopics } from './live_topics.service.js';

/** What open pages follow; every module with such pages adds its topics. */
@Global()
@Module({
  controllers: [LiveController],
  providers: [LiveStreams, LiveTopics],
  exports: [LiveStreams, LiveTopics],
})
export class LiveModule {}
