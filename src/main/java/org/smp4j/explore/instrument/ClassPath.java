package org.smp4j.explore.instrument;

import java.net.MalformedURLException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.smp4j.explore.model.ExplorerException;

/** A class path that a user has written. */
public final class ClassPath {
    private ClassPath() {
    }

    /**
     * Finds the entries of a class path.
     *
     * @param folder the folder against which relative entries are resolved
     * @param entries folders and jars
     * @return where they are
     * @throws ExplorerException if one does not exist
     */
    public static List<URL> urls(Path folder, List<String> entries) {
        List<URL> urls = new ArrayList<>();
        for (String entry : entries) {
            Path path = folder.resolve(entry);
            if (!Files.exists(path)) {
                throw new ExplorerException("class path: there is no file or folder " + path);
            }
            try {
                urls.add(path.toUri().toURL());
            } catch (MalformedURLException e) {
                throw new ExplorerException("class path: " + path + " is not a valid path", e);
            }
        }
        return urls;
    }
}
