package org.smp4j.cli.output;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import javax.xml.stream.XMLOutputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamWriter;
import org.smp4j.explore.Report;
import org.smp4j.explore.model.Failure;
import org.smp4j.linear.LinearReport;

/** Writes results as a JUnit test suite, for tools that collect those. */
public final class JUnitXml {
    /**
     * One test of a suite.
     *
     * @param group what stands for its class
     * @param name its name
     * @param seconds how long it has taken
     * @param failure the kind of its failure; null if it has passed
     * @param message why it has failed
     * @param text all that is to be said
     */
    public record Case(String group, String name, double seconds, String failure, String message, String text) {
    }

    private JUnitXml() {
    }

    /** Writes a report as a suite with one test. */
    public static void write(Report report, double seconds, Path file) throws IOException {
        write("smp4j explore", one(report.scenario(), report.strategy() + ", seed " + report.seed(), seconds,
                report.failure(), report.text()), file);
    }

    /** Writes a report as a suite with one test. */
    public static void write(LinearReport report, double seconds, Path file) throws IOException {
        write("smp4j linear", one(report.subject(), report.strategy() + ", seed " + report.seed(), seconds,
                report.failure(), report.text()), file);
    }

    private static List<Case> one(String group, String name, double seconds, Failure failure, String text) {
        return List.of(new Case(group, name, seconds, failure == null ? null : failure.rule(),
                failure == null ? null : failure.message(), text));
    }

    public static void write(String suite, List<Case> cases, Path file) throws IOException {
        try (OutputStream stream = Files.newOutputStream(file)) {
            XMLStreamWriter xml = XMLOutputFactory.newFactory().createXMLStreamWriter(stream, "UTF-8");
            xml.writeStartDocument("UTF-8", "1.0");
            xml.writeStartElement("testsuite");
            xml.writeAttribute("name", suite);
            xml.writeAttribute("tests", Integer.toString(cases.size()));
            xml.writeAttribute("failures",
                    Long.toString(cases.stream().filter(test -> test.failure() != null).count()));
            xml.writeAttribute("errors", "0");
            xml.writeAttribute("skipped", "0");
            xml.writeAttribute("time", time(cases.stream().mapToDouble(Case::seconds).sum()));
            for (Case test : cases) {
                write(test, xml);
            }
            xml.writeEndElement();
            xml.writeEndDocument();
            xml.close();
        } catch (XMLStreamException e) {
            throw new IOException(e);
        }
    }

    private static void write(Case test, XMLStreamWriter xml) throws XMLStreamException {
        xml.writeStartElement("testcase");
        xml.writeAttribute("classname", test.group());
        xml.writeAttribute("name", test.name());
        xml.writeAttribute("time", time(test.seconds()));
        if (test.failure() != null) {
            xml.writeStartElement("failure");
            xml.writeAttribute("type", test.failure());
            xml.writeAttribute("message", test.message());
        } else {
            xml.writeStartElement("system-out");
        }
        xml.writeCharacters(test.text());
        xml.writeEndElement();
        xml.writeEndElement();
    }

    private static String time(double seconds) {
        return String.format(Locale.ROOT, "%.3f", seconds);
    }
}
