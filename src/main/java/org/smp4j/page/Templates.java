package org.smp4j.page;

import com.samskivert.mustache.Mustache;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** The templates of pages, which are resources beside this class. */
final class Templates {
    private Templates() {
    }

    /** {@return a resource as text} */
    static String text(String name) {
        try (InputStream in = Templates.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalStateException("no resource " + name);
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Fills a template.
     *
     * @param name its file
     * @param values what its tags stand for
     * @return the page
     */
    static String fill(String name, Object values) {
        return Mustache.compiler().escapeHTML(true).emptyStringIsFalse(true)
                .withLoader(part -> new java.io.StringReader(text(part)))
                .compile(text(name)).execute(values);
    }
}
