package org.smp4j.cli.session;

/** What the program {@code smp4j} exits with. */
public final class ExitCode {
    /** Success. */
    public static final int OK = 0;
    /** The run found a failure. */
    public static final int FAILED = 1;
    /** The command line is invalid, or a file that it names can't be read or written. */
    public static final int USAGE = 2;
    /**
     * smp4j itself has failed, or its JVM is short of memory. The explorer also exits with it if it can't stop what it
     * explores.
     */
    public static final int BROKEN = 3;

    private ExitCode() {
    }
}
