package org.smp4j.explore.samples;

import java.io.PrintWriter;
import org.junit.platform.engine.discovery.DiscoverySelectors;
import org.junit.platform.launcher.LauncherDiscoveryRequest;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;
import org.junit.platform.launcher.listeners.SummaryGeneratingListener;

/** Runs samples by JUnit's launcher, as a user's build does, in a JVM of their own. */
public final class RunSamples {
    private RunSamples() {
    }

    /**
     * Prints how many tests have succeeded and failed, and each failure. The exit status is 0 if the class path holds
     * neither picocli nor Jackson.
     *
     * @param methods the tests, with their classes and parameters
     */
    public static void main(String[] methods) {
        SummaryGeneratingListener summary = new SummaryGeneratingListener();
        LauncherDiscoveryRequestBuilder request = LauncherDiscoveryRequestBuilder.request();
        for (String method : methods) {
            request.selectors(DiscoverySelectors.selectMethod(method));
        }
        LauncherDiscoveryRequest built = request.build();
        LauncherFactory.create().execute(built, summary);
        summary.getSummary().printFailuresTo(new PrintWriter(System.out, true));
        System.out.println("succeeded: " + summary.getSummary().getTestsSucceededCount() + ", failed: "
                + summary.getSummary().getTestsFailedCount());
        System.exit(isThere("picocli.CommandLine") || isThere("com.fasterxml.jackson.core.JsonFactory") ? 2 : 0);
    }

    private static boolean isThere(String type) {
        try {
            Class.forName(type, false, RunSamples.class.getClassLoader());
            return true;
        } catch (ClassNotFoundException e) {
            return false;
        }
    }
}
