package org.smp4j.fuzz.program;

/** What a program runs on. The smaller the stage, the shorter its runs. */
public enum Stage {
    /** Bare CPUs: calls and irq_works, but no tasks. */
    CPUS('c'),
    /** CPUs with a scheduler and stoppers, but without timers and hotplug. */
    TASKS('t'),
    /** A booted machine. */
    MACHINE('m');

    private final char letter;

    Stage(char letter) {
        this.letter = letter;
    }

    /** {@return its letter in the text of a program} */
    public char letter() {
        return letter;
    }

    /**
     * {@return the stage that a letter stands for}
     *
     * @param letter the letter
     * @throws IllegalArgumentException if it stands for none
     */
    static Stage of(char letter) {
        for (Stage stage : values()) {
            if (stage.letter == letter) {
                return stage;
            }
        }
        throw new IllegalArgumentException("no stage has the letter " + letter);
    }
}
