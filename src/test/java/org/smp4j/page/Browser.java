package org.smp4j.page;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.junit.jupiter.api.Assumptions;
import org.openqa.selenium.OutputType;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.logging.LogType;
import org.openqa.selenium.logging.LoggingPreferences;

/** The system's Chromium without a window. None is ever downloaded: without one, tests that need it are left out. */
final class Browser implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(50);
    private static final int HEIGHT = 900;
    /** It would warn that it has no bindings for a newer browser's debugger, which are not used. */
    private static final Logger SELENIUM = Logger.getLogger("org.openqa.selenium");

    private final ChromeDriver driver;

    private Browser(ChromeDriver driver) {
        this.driver = driver;
    }

    static Browser open() {
        Path browser = find("chromium", "chromium-browser", "google-chrome");
        Path service = find("chromedriver");
        if (browser == null || service == null) {
            String missing = "tests of pages are left out: they need chromium and chromedriver, which Debian has in "
                    + "the packages chromium and chromium-driver";
            System.err.println("WARNING: " + missing);
            Assumptions.abort(missing);
        }
        SELENIUM.setLevel(Level.SEVERE);
        LoggingPreferences logs = new LoggingPreferences();
        logs.enable(LogType.BROWSER, Level.ALL);
        ChromeOptions options = new ChromeOptions();
        options.setBinary(browser.toFile());
        options.addArguments("--headless=new", "--no-sandbox", "--disable-gpu", "--hide-scrollbars",
                "--disable-dev-shm-usage");
        options.setCapability("goog:loggingPrefs", logs);
        System.setProperty("webdriver.chrome.driver", service.toString());
        return new Browser(new ChromeDriver(options));
    }

    private static Path find(String... names) {
        for (String name : names) {
            for (String folder : System.getenv("PATH").split(File.pathSeparator)) {
                Path file = Path.of(folder, name);
                if (Files.isExecutable(file)) {
                    return file;
                }
            }
        }
        return null;
    }

    void load(Path page) {
        driver.get(page.toUri().toString());
    }

    /** Shows the page as a window of that width does, in a colour scheme. */
    void resize(int width, String scheme) {
        driver.executeCdpCommand("Emulation.setDeviceMetricsOverride",
                Map.of("width", width, "height", HEIGHT, "deviceScaleFactor", 1, "mobile", false));
        driver.executeCdpCommand("Emulation.setEmulatedMedia",
                Map.of("media", "", "features",
                        List.of(Map.of("name", "prefers-color-scheme", "value", scheme))));
        settle(width);
    }

    /** Waits until the page has the width and is laid out: on a busy host that is later than the answer. */
    private void settle(int width) {
        await("""
                const done = arguments[arguments.length - 1];
                const look = () => innerWidth === %d ? requestAnimationFrame(() => requestAnimationFrame(done))
                    : setTimeout(look, 10);
                look();""".formatted(width));
    }

    /** Shows the page as A4 paper has it, for a reader who prefers a colour scheme; until it is resized. */
    void paper(String scheme) {
        driver.executeCdpCommand("Emulation.setDeviceMetricsOverride",
                Map.of("width", 718, "height", 1047, "deviceScaleFactor", 1, "mobile", false));
        driver.executeCdpCommand("Emulation.setEmulatedMedia", Map.of("media", "print",
                "features", List.of(Map.of("name", "prefers-color-scheme", "value", scheme))));
    }

    @SuppressWarnings("unchecked")
    <T> T run(String script, Object... arguments) {
        return (T) driver.executeScript(script, arguments);
    }

    /** Runs a script that calls its last argument when it is done. */
    @SuppressWarnings("unchecked")
    <T> T await(String script) {
        driver.manage().timeouts().scriptTimeout(PATIENCE);
        return (T) driver.executeAsyncScript(script);
    }

    void press(String key) {
        driver.executeCdpCommand("Input.dispatchKeyEvent", Map.of("type", "keyDown", "key", key));
        driver.executeCdpCommand("Input.dispatchKeyEvent", Map.of("type", "keyUp", "key", key));
    }

    /** {@return what the page has written to the console as a warning or an error} */
    List<String> complaints() {
        return driver.manage().logs().get(LogType.BROWSER).getAll().stream()
                .filter(entry -> entry.getLevel().intValue() >= Level.WARNING.intValue())
                .map(Object::toString).toList();
    }

    /** Keeps a picture for a reader, if a folder for them is named. */
    void keep(String name) throws IOException {
        String pictures = System.getProperty("smp4j.pictures");
        if (pictures != null) {
            Files.write(Path.of(pictures, name + ".png"), driver.getScreenshotAs(OutputType.BYTES));
        }
    }

    @Override
    public void close() {
        driver.quit();
    }
}
