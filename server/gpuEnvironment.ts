// The variables by which a Vulkan loader finds its drivers. Our processes are started with few variables on purpose; without these an installed
// GPU may not be seen.

const names = ['LD_LIBRARY_PATH', 'XDG_RUNTIME_DIR', 'XDG_DATA_DIRS', 'XDG_DATA_HOME', 'XDG_CONFIG_DIRS', 'XDG_CONFIG_HOME', 'VK_DRIVER_FILES', 'VK_ICD_FILENAMES', 'VK_ADD_DRIVER_FILES', 'SystemRoot'];

export function gpuEnvironment(environment: NodeJS.ProcessEnv = process.env): Record<string, string> {
  return Object.fromEntries(names.flatMap((name) => (environment[name] === undefined ? [] : [[name, environment[name]]])));
}
