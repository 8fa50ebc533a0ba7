import { Module, type DynamicModule } from '@nestjs/common';
import { CredentialStore, RepositoryStore } from '@flotilla/control-store';
import { SourcesController } from './sources.controller.ts';

@Module({})
export class SourcesModule {
  static with(parts: { repositories: RepositoryStore; credentials: CredentialStore }): DynamicModule {
    return {
      module: SourcesModule,
      controllers: [SourcesController],
      providers: [
        { provide: RepositoryStore, useValue: parts.repositories },
        { provide: CredentialStore, useValue: parts.credentials },
      ],
    };
  }
}
