package org.smp4j.campaign;

/** Updates that few schedules lose: some units of a campaign find it, others don't. */
public class LostUpdate implements Runnable {
    private static final int ROUNDS = 3;

    private volatile int counter;

    @Override
    public void run() {
        Thread other = new Thread(this::count);
        other.start();
        count();
        try {
            other.join();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
        if (counter <= 3) {
            throw new IllegalStateException("half of the updates are lost");
        }
    }

    private void count() {
        for (int i = 0; i < ROUNDS; i++) {
            counter = counter + 1;
        }
    }
}
