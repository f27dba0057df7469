package org.smp4j.cli.session;

import picocli.CommandLine.IVersionProvider;

/** The version that {@code --version} shows. */
public final class Version implements IVersionProvider {
    @Override
    public String[] getVersion() {
        return new String[] {"smp4j " + number(), "JDK " + Runtime.version()};
    }

    /** {@return the version of smp4j} */
    public static String number() {
        String version = Version.class.getPackage().getImplementationVersion();
        return version == null ? "development" : version;
    }
}
