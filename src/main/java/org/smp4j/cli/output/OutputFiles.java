package org.smp4j.cli.output;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Files that a command writes. A command checks before its work that it can write them, and a write error afterwards
 * does not lose the results.
 */
public final class OutputFiles {
    private OutputFiles() {
    }

    /**
     * Checks that a file can be written; changes nothing except that it creates missing folders.
     *
     * @param file the file; it may exist
     * @throws IOException if it can't be written
     */
    public static void check(Path file) throws IOException {
        if (Files.isDirectory(file)) {
            throw new FileSystemException(file.toString(), null, "is a folder");
        }
        createParent(file);
        if (!Files.exists(file)) {
            Files.createFile(file);
            Files.delete(file);
        } else if (Files.isRegularFile(file)) {
            FileChannel.open(file, StandardOpenOption.WRITE).close();
        } else if (!Files.isWritable(file)) { // opening a pipe would wait for its reader
            throw new AccessDeniedException(file.toString());
        }
    }

    public static void createParent(Path file) throws IOException {
        if (file.toAbsolutePath().getParent() != null) {
            Files.createDirectories(file.toAbsolutePath().getParent());
        }
    }

    /** {@return the cause of an error in a few words, with the file's name} */
    public static String what(IOException e) {
        return switch (e) {
            case AccessDeniedException denied -> denied.getFile() + ": access denied";
            case FileAlreadyExistsException exists -> exists.getFile() + ": is not a folder";
            case NoSuchFileException none -> none.getFile() + ": no such file or folder";
            case FileSystemException other when other.getReason() == null -> other.getFile() + ": " + other.getClass()
                    .getSimpleName();
            default -> e.getMessage() == null ? e.toString() : e.getMessage();
        };
    }
}
