// The learner worker: a thread
export {};
