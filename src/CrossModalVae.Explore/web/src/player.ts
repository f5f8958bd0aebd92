// One sound at a time. Browsers play none before the first click or key; that is no fault to tell.
let current: HTMLAudioElement | null = null;

export function play(url: string): void {
  stop();
  const audio = new Audio(url);
  current = audio;
  audio.play().catch(() => {
    if (current === audio) {
      current = null;
    }
  });
}

export function stop(): void {
  current?.pause();
  current = null;
}
