package org.smp4j.explore.loaders;

import java.io.UncheckedIOException;
import java.net.MalformedURLException;
import java.net.URI;
import java.net.URL;
import java.security.CodeSource;
import java.security.ProtectionDomain;
import java.security.cert.Certificate;

/** Where classes come from, for programs that ask for their code source. */
public final class Places {
    private Places() {
    }

    /** {@return the folder or archive of a class file, given by its place and its path there} */
    public static String root(URL url, String path) {
        String place = url.toString();
        String root = place.substring(0, place.length() - path.length());
        return root.startsWith("jar:") && root.endsWith("!/")
                ? root.substring("jar:".length(), root.length() - "!/".length()) : root;
    }

    /** {@return the domain of the classes of a folder or archive} */
    public static ProtectionDomain domain(String root, ClassLoader loader) {
        try {
            return new ProtectionDomain(new CodeSource(URI.create(root).toURL(), (Certificate[]) null), null, loader,
                    null);
        } catch (MalformedURLException e) {
            throw new UncheckedIOException(e);
        }
    }
}
