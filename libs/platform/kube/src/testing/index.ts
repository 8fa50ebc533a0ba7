export { aggregated, group, kind, scriptedClient } from './scripted-client.ts';
export { ScriptedStream } from './scripted-stream.ts';
export { ScriptedTransport, type Script, type ScriptedAnswer } from './scripted-transport.ts';
export { configMap, configMaps, gone, line, list, told, watching } from './watched-config-maps.ts';
export { whileTimePasses, type Ended } from './while-time-passes.ts';
