/** Does some work now and then every so many milliseconds, but only while somebody can see the page. */
export function whileVisible(milliseconds: number, work: () => Promise<void>): void {
  let timer: ReturnType<typeof setTimeout> | undefined
  let busy = false
  const turn = async (): Promise<void> => {
    if (busy) return
    clearTimeout(timer)
    if (document.visibilityState !== 'visible') return
    busy = true
    await work().catch(error => console.error(error))
    busy = false
    timer = setTimeout(turn, milliseconds)
  }
  document.addEventListener('visibilitychange', () => void turn())
  void turn()
}
